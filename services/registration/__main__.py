from services.registration.main import service
from shared.service.roles import main

main(service)
