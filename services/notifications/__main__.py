from shared.service.starting import start

start("services.notifications.main")
