"""What has served its time: words that were searched for."""

from app.behaviour import words

SWEEPS = {
    "searched_words": words.forget,
}
