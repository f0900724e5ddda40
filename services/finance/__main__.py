from shared.service.starting import start

start("services.finance.main")
