from services.committees.main import service
from shared.service.roles import main

main(service)
