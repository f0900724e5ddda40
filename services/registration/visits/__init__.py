"""Rounds of visiting officers: allocated in walk order, taken along sealed on a device, uploaded once however often sent."""
