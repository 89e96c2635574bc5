"""What `receipts.load` would do with a file, batch by batch, without doing any of it.

The plan of a batch is the one that `load` makes. What it leaves to the ordinary flow is decided here by the rules of
that flow, with what the file itself would have brought in by then.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from app.flows.consequences.effects import Effects
from app.flows.consequences.purchases import buyers
from app.flows.consequences.purchases.buyers import Buyer
from app.flows.history import outcomes
from app.flows.history.outcomes import Kind, Outcome
from app.flows.history.receipts import Incoming, World, find_stores, look_around, plan_batch
from app.identity import queries
from app.kernel import clock
from app.kernel.errors import DomainError
from app.malls.models import Store
from app.purchases import matching, receipts, rules, tellings
from app.purchases.bulk import Known
from app.purchases.errors import ReceiptConflict, ReceiptOfAnother, RefundedReceiptNotFound
from app.purchases.models import ReceiptNumber
from app.purchases.rules import Receipt
from app.purchases.tellings import Key
from app.settlement.contracts.errors import NoContractTerms


@dataclass(slots=True)
class _Foreseen:
    """A receipt of the file that would be here by now. `left_fen` None: a refund, which nothing refunds."""

    fingerprint: str
    owner: int | None
    merchant_id: int
    left_fen: int | None


class ForeseenReceipts:
    """Remembers what of the file would be here by now, and how much of what is here it would have refunded."""

    def __init__(self, effects: Effects, mall_id: int | None) -> None:
        self._effects, self._mall_id = effects, mall_id
        self._file: dict[Key, _Foreseen] = {}
        self._claimed: dict[Key, int] = {}  # what has waited in the inbox, by whose it would be
        self._refunded: Counter[Key] = Counter()
        self._ahead = defaultdict[Key, list[tuple[int, int]]](list)  # refunds before their purchase: merchant, sum

    def foresee(self, batch: Sequence[Incoming]) -> list[Outcome]:
        """One outcome each, in order, as `receipts.load` would say after the batches before."""
        world = look_around(batch, self._effects, find_stores(batch, self._mall_id))
        world.numbers = {**world.numbers, **self._numbers(_keys(batch), world)}
        plan = plan_batch(batch, world, plainly=True)
        return [
            self._remember(item, outcome or self._ordinary(item, world), world)
            for item, outcome in zip(batch, plan.outcomes, strict=True)
        ]

    def _numbers(self, keys: set[Key], world: World) -> dict[Key, Known]:
        """Numbers that would be taken, or whose receipts would be somebody's, by what the file said before."""
        claimed = {key: world.numbers[key]._replace(member_id=self._claimed[key]) for key in keys & set(self._claimed)}
        return claimed | {key: Known(one.fingerprint, one.owner, key) for key in keys if (one := self._file.get(key))}

    def _ordinary(self, item: Incoming, world: World) -> Outcome:
        try:
            return self._as_the_flow_would(item, world)
        except DomainError as error:
            return outcomes.refused(error)

    def _as_the_flow_would(self, item: Incoming, world: World) -> Outcome:
        receipt, store = item.receipt, world.stores[item.receipt.store_code]
        known = self._find_known(receipt, world)
        if known is not None:
            return self._again(item, known, store, world)
        if receipt.refund_of is not None:
            return self._refund(receipt, store, world)
        owner = _buyer(item, world)
        match = matching.find_payment(receipt, store, member_id=owner)
        if match.doubtful:
            return outcomes.WAITING
        if match.same is not None and (owner is None or match.same.member_id is not None):
            return outcomes.KNOWN
        if owner is not None:
            _ensure_terms(receipt, store, world)
        return outcomes.NEW if owner is not None else outcomes.WAITING

    def _find_known(self, receipt: Receipt, world: World) -> Known | None:
        key = (receipt.source, receipt.receipt_no)
        twin, known = self._file.get(key), world.numbers.get(key)
        if twin is not None:
            return Known(twin.fingerprint, twin.owner, key)
        return known._replace(member_id=self._claimed[key]) if known and key in self._claimed else known

    def _again(self, item: Incoming, known: Known, store: Store, world: World) -> Outcome:
        """A number that is taken: as it stands, or out of the inbox for the buyer whom it comes with now."""
        receipt, buyer = item.receipt, _buyer(item, world)
        if known.fingerprint != rules.fingerprint(receipt):
            raise ReceiptConflict(source=receipt.source, receipt_no=receipt.receipt_no)
        if receipt.refund_of is not None or item.card_no is None or known.member_id == buyer:
            return outcomes.KNOWN
        if known.member_id is not None:
            _ensure_same_buyer(item.card_no, known.member_id)
        elif buyer is not None:
            _ensure_terms(receipt, store, world)
            self._claim((receipt.source, receipt.receipt_no), buyer)
            return outcomes.NEW
        return outcomes.KNOWN

    def _claim(self, key: Key, buyer: int) -> None:
        if key in self._file:
            self._file[key].owner = buyer
        else:
            self._claimed[key] = buyer

    def _refund(self, receipt: Receipt, store: Store, world: World) -> Outcome:
        """What would become of a refund; raises what the flow would."""
        key = (receipt.source, receipt.refund_of or "")
        original = self._file.get(key)
        if original is None:
            return self._refund_of_old(receipt, store, world, key)
        if original.left_fen is None or original.merchant_id != store.merchant_id:
            raise RefundedReceiptNotFound(refund_of=receipt.refund_of)
        _, original.left_fen = rules.kept_after_refund(original.left_fen, (), receipt.amount_fen)
        return outcomes.NEW if original.owner is not None else outcomes.WAITING

    def _refund_of_old(self, receipt: Receipt, store: Store, world: World, key: Key) -> Outcome:
        """The same for a receipt that is here already, or that may still come."""
        known = world.numbers.get(key)
        of = None if known is None or known.waits else tellings.find_first(*known.first)
        if known is None or of is None:
            self._ahead[key].append((store.merchant_id, receipt.amount_fen))
            return outcomes.WAITING
        left = self._left_of(receipt, of, store, key)
        if matching.find_repayment(receipt, of, left_fen=left + self._refunded[known.first]) is not None:
            return outcomes.KNOWN
        rules.kept_after_refund(left, (self._refunded[known.first],), receipt.amount_fen)
        self._refunded[known.first] += receipt.amount_fen
        return outcomes.NEW if self._claimed.get(key, known.member_id) is not None else outcomes.WAITING

    def _left_of(self, receipt: Receipt, of: ReceiptNumber, store: Store, key: Key) -> int:
        if of.member_id is None or key in self._claimed:
            return receipts.ensure_inbox_refund(receipt, of, store)
        return receipts.refund_purchase(receipt, of, store).kept_before_fen

    def _remember(self, item: Incoming, outcome: Outcome, world: World) -> Outcome:
        receipt = item.receipt
        key = (receipt.source, receipt.receipt_no)
        if outcome.kind in (Kind.NEW, Kind.WAITING) and key not in self._file and key not in world.numbers:
            self._file[key] = _Foreseen(
                rules.fingerprint(receipt),
                _buyer(item, world),
                world.stores[receipt.store_code].merchant_id,
                self._left_after_refunds_ahead(receipt, world) if receipt.refund_of is None else None,
            )
        return outcome

    def _left_after_refunds_ahead(self, receipt: Receipt, world: World) -> int:
        """What is left of a purchase whose refunds stood before it in the file, those that keep within it taken off."""
        left = receipt.amount_fen
        for merchant_id, amount_fen in self._ahead.pop(receipt.key, ()):
            if merchant_id == world.stores[receipt.store_code].merchant_id and left + amount_fen >= 0:
                left += amount_fen
        return left


def _keys(batch: Sequence[Incoming]) -> set[Key]:
    """Numbers that the batch bears or refunds."""
    own = {(item.receipt.source, item.receipt.receipt_no) for item in batch}
    return own | {(item.receipt.source, item.receipt.refund_of or "") for item in batch}


def _ensure_same_buyer(card_no: str, owner: int) -> None:
    member = queries.get_member(owner)
    if queries.is_joined(member) and not buyers.is_member(Buyer(card_no=card_no), member):
        raise ReceiptOfAnother


def _ensure_terms(receipt: Receipt, store: Store, world: World) -> None:
    day = clock.business_date(receipt.occurred_at)
    if world.terms is not None and world.terms.find(store.mall_id, store.merchant_id, on=day) is None:
        raise NoContractTerms(mall_id=store.mall_id, merchant_id=store.merchant_id, on=day)


def _buyer(item: Incoming, world: World) -> int | None:
    return world.cards.get(item.card_no) if item.card_no is not None else None
