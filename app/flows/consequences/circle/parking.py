"""A member's car came or left: WeChat Pay hears of it when they let the circle know of their payments."""

from datetime import datetime, timedelta

from app.circle import authorisations, circles, parkings
from app.circle.models import Way
from app.circle.parkings import Seat
from app.identity import queries as people
from app.parking.sessions import queries as sessions
from app.parking.sessions.models import Direction, ParkingSession
from app.parking.sessions.passages import GateReport

# A report that comes later does not say who is on site.
FRESH = timedelta(minutes=30)
# A stay that has lasted longer may be one whose end the gate missed.
LONGEST = timedelta(hours=24)


def tell(report: GateReport, session: ParkingSession, mall_id: int, *, now: datetime) -> None:
    """Queue the beginning or the end of the stay that the report made; a car that is held goes nowhere yet."""
    if session.member_id is None or now - report.occurred_at > FRESH:
        return
    way = Way.IN if report.direction is Direction.IN else Way.OUT
    if (session.exited_at is None) != (way is Way.IN):
        return
    seat = find_seat(session.member_id, mall_id)
    if seat is not None:
        parkings.note(seat, stay=session.public_id, way=way, plate=session.plate, at=report.occurred_at, now=now)


def tell_inside(member_id: int, mall_id: int, *, now: datetime) -> None:
    """The locked member's cars that are in the mall as they authorise its circle, or bind the plate, are there."""
    seat = find_seat(member_id, mall_id)
    if seat is None:
        return
    for parked in sessions.list_parked(member_id):
        one = parked.session
        if parked.mall.id == mall_id and one.entered_at > now - LONGEST:
            stay, plate, at = one.public_id, one.plate, one.entered_at
            parkings.note(seat, stay=stay, way=Way.IN, plate=plate, at=at, now=now)


def find_seat(member_id: int, mall_id: int) -> Seat | None:
    """The member's place in the mall's circle; None unless it has a brand and they authorised it."""
    circle = circles.find_of_mall(mall_id)
    if circle is None or circle.brand_id is None:
        return None
    openid = authorisations.find_open(people.list_person_ids(member_id), circle.mchid)
    if openid is None:
        return None
    return Seat(member_id=member_id, mall_id=mall_id, mchid=circle.mchid, brand_id=circle.brand_id, openid=openid)
