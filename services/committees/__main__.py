from shared.service.starting import start

start("services.committees.main")
