from services.notifications.main import service
from shared.service.roles import main

main(service)
