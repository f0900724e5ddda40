from shared.service.starting import start

start("services.elections.main")
