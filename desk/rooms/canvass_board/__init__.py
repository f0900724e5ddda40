"""How far the year's canvass is: what was sent, who replied, who is still to be asked."""
