from shared.service.starting import start

start("services.registration.main")
