"""Carry published rows over to today's code, where today's code was seen to give the same answers.

A change of a folder or of the edition gives every cell another name, and rows of the old one count as older code. Here
they get today's name where that is known to be true, and keep the old one in their lineage. Known it is by

- *answers*: a proof, which is a cell run today, gave the same answers as the stored row of that seed, all of them, and
  the same scores; this then holds for all seeds of the contest that were run with the same code and parameters;
- *witness*: the proof answers otherwise because the processor is another one, but a witness, a cell of the row's own
  old code run on the proof's machine, answers as the proof does: the code is the same, the machine differs;
- *name*: the row is of this very code, and what a name is made of was defined otherwise when it was written;
- *family*, where asked for: a contest too long to run again is carried where every contest that was run again of the
  same submission and task, with the same old folders, was carried by answers or a witness, and at least one was.

Learning curves are kept and not compared: answers and scores at the end are.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from genbench.authoring.contests import LOOKED_AT, Contest, Today, by_contest, seeds_told, signature, today_of
from genbench.authoring.likeness import likeness
from genbench.cards.addresses import card_name
from genbench.data import sources
from genbench.edition import EDITION
from genbench.errors import GenbenchError, StoreFault
from genbench.rows import lineage
from genbench.rows.lineage import Stamp, lineage_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from genbench.registry import Catalogue
    from genbench.rows.store import Store

    Row = Mapping[str, Any]

Status = Literal["today", "carried", "differs", "refused", "not proven"]
# Of the machine, what may decide an answer; memory differs from one start of the same machine to the next.
_MACHINE = ("processor", "cores", "system")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a contest: `proof` and `seeds` where it was carried, and one line that says why or why not."""

    contest: Contest
    status: Status
    detail: str
    seeds: tuple[int, ...] = ()
    proof: str = ""


@dataclass
class _Open:
    """A contest that is not of today's code, or not all of it."""

    contest: Contest
    today: Today
    rows: Sequence[Row]
    pending: dict[int, Row]  # seed -> the newest row, where that is not today's and ended well
    proven: dict[tuple[Any, ...], dict[str, Any]]  # signature of a row -> what its lineage will say of the proof
    left: str = ""  # what there is to say of seeds that cannot be carried

    def family(self, row: Row) -> tuple[str, ...]:
        prints = (row["task_fingerprint"], row["submission_fingerprint"])
        return (self.contest.task, card_name(self.contest.submission), *prints, self.today.added(row))


class Refused(Exception):  # noqa: N818 - a reason, raised and caught in this module alone
    """Why a contest cannot be compared."""


def carry(
    store: Store,
    proof: Store | None,
    witness: Store | None,
    found: Catalogue,
    *,
    families: bool = False,
    dry: bool = False,
) -> Iterator[Verdict]:
    """Carry the rows of `store` over, contest by contest; `dry` writes nothing and says what would be.

    Without a `proof` those are carried that need none: rows of today's code under a name of an earlier form, and seeds
    of the code that an earlier call proved.

    An interruption loses nothing: a cell is there under one of its names at any time, and the next call goes on.
    Raises `StoreFault` where results cannot be read or written.
    """
    yield from _Carrying(store, proof, witness, found, families=families, dry=dry).verdicts()


def rows_in(store: Store, named: str) -> list[Row]:
    """The CELLS of a results folder, without logs. Raises `StoreFault` where there are none, or one is unreadable."""
    table = store.read("cells", LOOKED_AT)
    if not len(table.table) and not table.skipped:
        raise StoreFault(f"there are no results at {store.place!r}; {named}")
    if table.skipped:
        raise StoreFault("rows that cannot be read:\n  " + "\n  ".join(table.skipped))
    rows: list[Row] = table.table.to_pylist()
    return rows


class _Carrying:
    """One call of `carry`: the rows of all three folders, and what was found out so far."""

    def __init__(
        self, store: Store, proof: Store | None, witness: Store | None, found: Catalogue, *, families: bool, dry: bool
    ) -> None:
        self.store, self.proof, self.witness, self.found = store, proof, witness, found
        self.families, self.dry = families, dry
        rows = rows_in(store, "carry takes a folder that `genbench evaluate` wrote")
        rerun = rows_in(proof, "--proof takes what `genbench evaluate --out PLACE` wrote today") if proof else []
        self.proofs = by_contest(rerun)
        old = rows_in(witness, "--witness takes what the older code wrote on this machine") if witness else []
        self.witnesses = by_contest(old)
        if not dry:
            store.prepare()
            lineage.finish(store, rows)
        gone = lineage.former(rows)  # of an earlier call that was interrupted
        self.contests = by_contest(row for row in rows if row["cell"] not in gone)
        self.folders: dict[Any, str] = {}
        self.data: dict[tuple[str, str], str] = {}
        self.moment = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        self.equal: dict[tuple[str, ...], list[str]] = defaultdict(list)  # family -> the cells that proved it
        self.differing: Counter[tuple[str, ...]] = Counter()

    def verdicts(self) -> Iterator[Verdict]:
        unproven = []
        for contest, rows in self.contests.items():
            try:
                one = self._opened(contest, rows)
            except GenbenchError as fault:
                yield Verdict(contest, "not proven", f"not known here: {str(fault).splitlines()[0]}")
                continue
            if not one.pending:
                yield Verdict(contest, "not proven", one.left) if one.left else Verdict(contest, "today", "of today")
            elif self._rerun(one) or one.proven.keys() & {signature(row) for row in one.pending.values()}:
                yield self._judged(one)
            else:
                unproven.append(one)
        for one in unproven:
            yield self._of_family(one)

    def _opened(self, contest: Contest, rows: Sequence[Row]) -> _Open:
        """The contest with the seeds that are not of today's code, and with what earlier calls proved."""
        today = today_of(contest, self.found, self.folders)
        one = _Open(contest, today, rows, {}, {})
        seeds: dict[int, list[Row]] = defaultdict(list)
        for row in rows:
            seeds[row["seed"]].append(row)
        failed = []
        for seed, same in seeds.items():
            current = [row for row in same if self._of_today(one, row)]
            for row in current:
                self._recall(one, row)
            if not current and same[0]["status"] == "ok":
                one.pending[seed] = same[0]
                if same[0]["cell"] == today.former(seed, same[0]["data_fingerprint"]):
                    known = {"proof": "name", "proved_by": [], "carried": self.moment}
                    one.proven.setdefault(signature(same[0]), known)
            elif not current:
                failed.append(seed)
        one.left = f"{seeds_told(failed)} failed, which nothing can prove" if failed else ""
        return one

    def _recall(self, one: _Open, row: Row) -> None:
        """Take up what the lineage of a row of today says was proven, by an earlier call or before an interruption."""
        for entry in lineage_of(row):
            if entry["proof"] in {"answers", "witness"}:
                before = {**row, **entry}
                kept: dict[str, Any] = {
                    name: entry[name] for name in ("proof", "proved_by", "witness", "machines") if name in entry
                }
                one.proven[signature(before)] = {**kept, "carried": self.moment}
                self.equal[one.family(before)] += entry["proved_by"]

    def _rerun(self, one: _Open) -> list[tuple[Row, Row]]:
        """The newest stored rows of seeds that the proof has, each with its row there: today's where there is one."""
        own = {row["cell"] for row in one.rows}
        given: dict[int, Row] = {}
        for row in reversed(self.proofs.get(one.contest, [])):  # the newest last
            if self._of_today(one, row) or (row["cell"] not in own and not self._of_today(one, given.get(row["seed"]))):
                given[row["seed"]] = row  # rows of older code in both folders prove nothing, and are no fault
        pairs = []
        for seed, row in sorted(given.items()):
            stored = [one for one in one.rows if one["seed"] == seed and one["cell"] != row["cell"]]
            pairs += [(found, row) for found in stored[:1] if found["status"] == "ok"]
        return pairs

    @staticmethod
    def _of_today(one: _Open, row: Row | None) -> bool:
        return row is not None and row["cell"] == one.today.key(row["seed"], row["data_fingerprint"], row["salt"])

    def _judged(self, one: _Open) -> Verdict:
        """Compare what was run again, and carry the contest where all of that is equal."""
        told, proven = [], dict(one.proven)
        for stored, given in self._rerun(one):
            family = one.family(stored)
            try:
                how, said = self._compared(one, stored, given)
            except (Refused, StoreFault) as why:  # of rows that cannot be read the others are not to suffer
                return Verdict(one.contest, "refused", f"{seeds_told([stored['seed']])}: {why}")
            if how is None:
                self.differing[family] += 1
                return Verdict(one.contest, "differs", f"{seeds_told([stored['seed']])}: {said}")
            proven[signature(stored)] = how
            self.equal[family] += how["proved_by"]
            told.append(f"{seeds_told([stored['seed']])}: {said}")
        return self._carried(one, proven, "; ".join(told) or self._without_rerun(one))

    @staticmethod
    def _without_rerun(one: _Open) -> str:
        by_name = any(one.proven.get(signature(row), {}).get("proof") == "name" for row in one.pending.values())
        return "the code is today's, its name was made otherwise" if by_name else "as seeds that are carried already"

    def _compared(self, one: _Open, stored: Row, given: Row) -> tuple[dict[str, Any] | None, str]:
        """What the lineage is to say where the answers are equal, else None; and the words. Raises `Refused`."""
        if self.proof is None or given["status"] != "ok":
            raise Refused(f"the proof's cell failed: {given['status']}")
        if given["data_fingerprint"] != stored["data_fingerprint"]:
            raise Refused("the proof answered other data")
        if against := one.today.against(stored):
            raise Refused(against)
        if given["cell"] != one.today.key(given["seed"], given["data_fingerprint"], given["salt"]):
            raise Refused("the proof is not of today's code, edition, parameters and versions: run it again")
        found = likeness((self.store, stored), (self.proof, given))
        said: dict[str, Any] = {"proof": "answers", "proved_by": [given["cell"]], "carried": self.moment}
        if found.equal:
            return said, f"{found.questions} answers are equal"
        old = self._witness_of(one.contest, stored, given)
        if old is None or self.witness is None:
            return None, found.told
        seen = likeness((self.witness, old), (self.proof, given))
        if not seen.equal:
            return None, f"{found.told}; the witness differs too: {seen.told}"
        machines = {"run_on": json.loads(stored["machine"]), "proved_on": json.loads(given["machine"])}
        said |= {"proof": "witness", "witness": old["cell"], "machines": machines}
        return said, f"{found.alike} of {found.questions} answers are equal, and all to the witness's on one machine"

    def _witness_of(self, contest: Contest, stored: Row, given: Row) -> Row | None:
        """A row of the stored row's code, parameters, data and seed that was run on the proof's machine."""
        for row in self.witnesses.get(contest, []):
            same = all(row[name] == stored[name] for name in ("seed", "data_fingerprint", "status"))
            if same and signature(row) == signature(stored) and _machine(row) == _machine(given):
                return row
        return None

    def _of_family(self, one: _Open) -> Verdict:
        """Carry a contest that was not run again where its family was proven, if that is wanted."""
        if not self.families:
            return Verdict(one.contest, "not proven", "not in the proof")
        proven = {}
        for row in one.pending.values():
            family = one.family(row)
            if not self.equal[family] or self.differing[family]:
                continue
            try:
                why = one.today.against(row)
                why = why or ("" if self._data(one) == row["data_fingerprint"] else "run on other data than today's")
            except GenbenchError as fault:
                why = f"its data cannot be had: {str(fault).splitlines()[0]}"
            if why:
                return Verdict(one.contest, "not proven", f"not in the proof, and {seeds_told([row['seed']])}: {why}")
            cells = sorted(set(self.equal[family]))
            proven[signature(row)] = {"proof": "family", "proved_by": cells, "carried": self.moment}
        if not proven:
            why = (
                "others of its family differ"
                if any(self.differing[one.family(row)] for row in one.pending.values())
                else "no other of its family is in the proof"
            )
            return Verdict(one.contest, "not proven", f"not in the proof, and {why}")
        several = max(len(how["proved_by"]) for how in proven.values())
        return self._carried(one, proven, f"not run again; {several} others of its family are equal")

    def _data(self, one: _Open) -> str:
        """The fingerprint of today's data, measured once for each split and nothing fetched."""
        split = (one.contest.task, one.contest.split)
        if split not in self.data:
            with sources.offline():
                self.data[split] = one.today.data()
        return self.data[split]

    def _carried(self, one: _Open, proven: Mapping[tuple[Any, ...], Mapping[str, Any]], told: str) -> Verdict:
        """Give all seeds whose code was proven their new names."""
        chosen = {seed: row for seed, row in one.pending.items() if signature(row) in proven}
        if not chosen:
            return Verdict(one.contest, "refused", "the proof has no seed of the code of those that are to be carried")
        for seed, row in sorted(chosen.items()):
            how = proven[signature(row)]
            name = one.today.key(seed, row["data_fingerprint"], row["salt"])
            stamp = Stamp(name, {**one.today.columns, "edition": EDITION}, how)
            if not self.dry:
                lineage.carry(self.store, one.contest.task, card_name(one.contest.submission), row["cell"], stamp)
        others = sorted(one.pending.keys() - chosen.keys())
        notes = [told, f"{seeds_told(others)} of other code left" if others else "", one.left]
        proofs = sorted({proven[signature(row)]["proof"] for row in chosen.values()})
        return Verdict(
            one.contest, "carried", "; ".join(note for note in notes if note), tuple(sorted(chosen)), "+".join(proofs)
        )


def _machine(row: Row) -> tuple[Any, ...]:
    told = json.loads(row["machine"])
    return tuple(told.get(name) for name in _MACHINE)
