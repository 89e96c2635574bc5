"""A process of the web application that has something to say."""

import logging

import wsgi

wsgi.create_app()
logging.getLogger("app").warning("gate away", extra={"gate": 7})
