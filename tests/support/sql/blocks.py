"""One SELECT, UPDATE, DELETE or INSERT of a statement, with its own tables, conditions and the blocks inside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sqlglot import exp

Columns = Mapping[str, frozenset[str]]  # of every table, by name
_BLOCKS = (exp.Select, exp.Update, exp.Delete, exp.Insert)
VALUE = "value"  # what a column that equals a constant is equal to


@dataclass(eq=False)
class Block:
    """`tables` are its own, by alias; `derived` are aliases of subqueries and WITH parts that it reads."""

    node: exp.Expression
    outer: "Block | None"
    columns: Columns
    tables: dict[str, str] = field(default_factory=dict)
    derived: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for table in self._sources():
            if table.name in self.columns and table.name not in self._with_names():
                self.tables[table.alias_or_name] = table.name
            else:
                self.derived.add(table.alias_or_name)
        self.derived.update(sub.alias for sub in self.own(exp.Subquery) if sub.alias)

    def own(self, *kinds: type[exp.Expression]) -> Iterator[exp.Expression]:
        """The nodes of these kinds that belong to this block and to none inside it."""
        for node in self.node.walk(prune=lambda node: node is not self.node and isinstance(node, _BLOCKS)):
            if isinstance(node, kinds) and not (node is not self.node and isinstance(node, _BLOCKS)):
                yield node

    def owner(self, column: exp.Column) -> "tuple[Block, str] | None":
        """The block and alias that a column belongs to; None when it is of a subquery or not known."""
        block: Block | None = self
        while block is not None:
            alias = block._alias_of(column)
            if alias is not None:
                return (block, alias) if alias in block.tables else None
            block = block.outer
        return None

    def is_correlated(self) -> bool:
        return bool(self.outer_columns())

    def outer_columns(self) -> list[tuple["Block", str]]:
        """The tables around this block whose columns it uses itself."""
        owners = (self.owner(column) for column in self.own(exp.Column))
        return [found for found in owners if found is not None and found[0] is not self]

    @cached_property
    def equal(self) -> dict[tuple[int, str, str], set[object]]:
        """For every column in an equation that must hold: what it equals, columns around the block included."""
        groups: list[set[object]] = []
        for left, right in self._equations():
            joined = [group for group in groups if left in group or right in group]
            groups = [group for group in groups if group not in joined]
            groups.append({left, right}.union(*joined))
        return {member: group for group in groups for member in group if isinstance(member, tuple)}

    def key(self, alias: str, column: str) -> tuple[int, str, str]:
        """How `equal` names a column of this block."""
        return (id(self), alias, column)

    def is_pinned(self, alias: str, column: str) -> bool:
        """Whether a column must equal one given value."""
        return VALUE in self.equal.get(self.key(alias, column), ())

    def _equations(self) -> Iterator[tuple[object, object]]:
        for equation in self.own(exp.EQ):
            if _must_hold(equation, self.node):
                sides = [_parts(side) for side in (equation.this, equation.expression)]
                if len(sides[0]) == len(sides[1]):
                    for pair in zip(*sides, strict=True):
                        left, right = (self._name(part) for part in pair)
                        if left is not None and right is not None:
                            yield left, right

    def _name(self, part: exp.Expression) -> object:
        part = _bare(part)
        if isinstance(part, exp.Parameter | exp.Literal | exp.Placeholder):
            return VALUE
        if isinstance(part, exp.Column):
            found = self.owner(part)
            return None if found is None else found[0].key(found[1], part.name)
        return None

    def _alias_of(self, column: exp.Column) -> str | None:
        if column.table:
            return column.table if column.table in self.tables or column.table in self.derived else None
        owners = [alias for alias, table in self.tables.items() if column.name in self.columns[table]]
        return owners[0] if len(owners) == 1 else None

    def _sources(self) -> Iterator[exp.Table]:
        for node in self.own(exp.Table):
            if isinstance(node, exp.Table) and not isinstance(node.parent, exp.Lock | exp.Column):
                yield node

    def _with_names(self) -> set[str]:
        names: set[str] = set()
        node: exp.Expression | None = self.node
        while node is not None:
            part = node.args.get("with_") or node.args.get("with")
            names.update(cte.alias for cte in part.expressions) if part is not None else None
            node = node.parent
        return names


def blocks_of(statement: exp.Expression, columns: Columns) -> list[Block]:
    """All blocks of a statement, outer ones first."""
    found: dict[int, Block] = {}
    for node in statement.walk():
        if isinstance(node, _BLOCKS):
            around = node.find_ancestor(*_BLOCKS)
            found[id(node)] = Block(node, found.get(id(around)), columns)
    return list(found.values())


def _must_hold(equation: exp.Expression, block: exp.Expression) -> bool:
    """Whether nothing but AND stands between an equation and the WHERE or ON it belongs to."""
    node = equation.parent
    while node is not None and node is not block:
        if isinstance(node, exp.Where | exp.Join):
            return True
        if not isinstance(node, exp.And | exp.Paren):
            return False
        node = node.parent
    return False


def _parts(side: exp.Expression) -> list[exp.Expression]:
    bare = _bare(side)
    return list(bare.expressions) if isinstance(bare, exp.Tuple) else [bare]


def _bare(node: exp.Expression) -> exp.Expression:
    while isinstance(node, exp.Paren | exp.Cast):
        node = node.this
    return node
