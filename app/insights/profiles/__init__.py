"""How complete the profiles of a mall's members are, a row a day."""
