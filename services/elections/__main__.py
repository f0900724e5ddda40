from services.elections.main import service
from shared.service.roles import main

main(service)
