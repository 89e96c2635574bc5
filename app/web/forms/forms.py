"""Forms, declared: what a form asks for, what is refused with which words, and what a browser is told of it.

    class TermsForm(Form):
        effective_from = fields.Day("生效日期", earliest=fields.TOMORROW)
        commission = fields.Hundredths("会员消费佣金", most=10_000, unit="%")

`TermsForm.read()` takes the request's fields in the order they are written here, refuses with everything that is
wrong with them, then asks `check`. On what it returns an attribute is the value (`form.commission` is an int); on the
class it is the field, for templates (macro `field`) and for refusals (`TermsForm.commission.refuse(…)`). The kinds of
fields stand in `fields`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Generic, Self, TypeVar, overload

from flask import request
from werkzeug.datastructures import MultiDict

from app.kernel.errors import DomainError

T = TypeVar("T")


class FieldInvalid(DomainError):
    """A field of a form was filled in wrongly. Facts: name; label, problem (both as the person reads them)."""

    code = "field_invalid"


class FormInvalid(DomainError):
    """Several fields were filled in wrongly. Facts: problems (field's name → problem), labels (in the form's order)."""

    code = "form_invalid"


def refusal(wrong: Sequence[FieldInvalid]) -> DomainError:
    """What refuses a form for these fields: the one field's own refusal, or one for all."""
    if len(wrong) == 1:
        return wrong[0]
    problems = {str(one.facts["name"]): one.facts["problem"] for one in wrong}
    return FormInvalid(problems=problems, labels=[one.facts["label"] for one in wrong])


def problems_in(facts: Mapping[str, Any]) -> dict[str, str]:
    """What a refusal's facts say of single fields: field's name → problem; nothing when it is not about fields."""
    if facts.get("name") and facts.get("problem"):
        return {facts["name"]: facts["problem"]}
    problems: dict[str, str] = facts.get("problems", {})
    return problems


class Form:
    """The base of all forms. `fields` are in the order in which they are read and checked."""

    fields: ClassVar[tuple["Field[Any]", ...]] = ()

    def __init_subclass__(cls) -> None:
        inherited = (field for base in cls.__bases__ for field in getattr(base, "fields", ()))
        own = (value for value in vars(cls).values() if isinstance(value, Field))
        cls.fields = tuple({field.name: field for field in (*inherited, *own)}.values())

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    @classmethod
    def read(
        cls,
        sent: MultiDict[str, str] | None = None,
        *,
        besides: Callable[[Self], Iterable[FieldInvalid]] = lambda form: (),
    ) -> Self:
        """The form as the request, or `sent`, filled it in; raises FieldInvalid, FormInvalid, and what `check` raises.

        `besides` finds what is wrong by things that the form does not know, told together with what its fields say;
        of a form that is wrong already it sees those `values` that could be read.
        """
        form, wrong = cls(), []
        for field in cls.fields:
            try:
                form.values[field.name] = field.take(request.form if sent is None else sent, form)
            except FieldInvalid as problem:
                wrong.append(problem)
        wrong += besides(form)
        if wrong:
            raise refusal(wrong)
        form.check()
        return form

    def check(self) -> None:
        """What no field can judge alone; raises FieldInvalid."""

    def typed(self) -> dict[str, Any]:
        """The values as JSON holds them, without secrets: what makes a form the same form again."""
        shown = {field.name: self.values[field.name] for field in self.fields if not field.secret}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in shown.items()}


class Field(ABC, Generic[T]):
    """One field of a form. Templates show `label`, `unit`, `hint`, `input_type`, `attributes`; `take` decides."""

    input_type = "text"
    required = True  # what a browser is told; one that only some answers ask for cannot say so
    optional = False
    secret = False
    mono = False

    def __init__(self, label: str, *, unit: str = "", hint: str = "", **attributes: str | int) -> None:
        self.name = ""
        self.label, self.unit, self.hint = label, unit, hint
        self.more = {name.replace("_", "-"): value for name, value in attributes.items()}

    def __set_name__(self, owner: type[Form], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, form: None, owner: type[Form]) -> Self: ...

    @overload
    def __get__(self, form: Form, owner: type[Form]) -> T: ...

    def __get__(self, form: Form | None, owner: type[Form]) -> Self | T:
        return self if form is None else form.values[self.name]

    @property
    def attributes(self) -> dict[str, str | int]:
        """The HTML attributes that say to the browser what `take` will say."""
        return {**self.own_attributes(), **self.more}

    def own_attributes(self) -> dict[str, str | int]:
        """What the kind of field adds to `attributes`."""
        return {}

    @abstractmethod
    def take(self, sent: MultiDict[str, str], form: Form) -> T:
        """The value among what was sent; raises FieldInvalid."""

    def refuse(self, problem: str) -> FieldInvalid:
        """The refusal of this field, to be raised."""
        return FieldInvalid(name=self.name, label=self.label, problem=problem)


class Single(Field[T]):
    """A field with one value, which is read from a text; one that is missing counts as empty."""

    def take(self, sent: MultiDict[str, str], form: Form) -> T:
        return self.read(sent.get(self.name, ""))

    @abstractmethod
    def read(self, text: str) -> T:
        """The value of a text; raises FieldInvalid."""
