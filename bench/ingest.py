"""Ingest compared with baselines and alternatives on the same events, in one run: python -m bench.ingest [--events N]

a  bare          a `getmany` loop that looks at nothing
b  unchecked     the same pipe without any check: `getmany`, JSON, Arrow insert
c  worker        our worker, the whole process with full validation, from the first events until all is committed
d  agent         a Faust agent with `take`, admitting and inserting the same (on a part of the events: --agent-events)
e  straightforward   a confluent-kafka consumer and clickhouse-connect, admitting the same

Each round runs all of them one after the other, so that whatever else the machine does shows as spread.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from bench.baselines import bare_consumer, bare_insert
from bench.stack import PARTITIONS, BenchStack, prepared
from bench.tickets import Message, messages
from bench.workers import Staged, stage_all
from bench.writing import write
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.logging import configure_logging
from crosslook.platform.process import relax_collector
from crosslook.platform.settings import LogSettings

_ENDS = {"d agent": 8.0, "b unchecked": 0.6, "e straightforward": 1.5}
_PEAK_MIB = 400
Figures = dict[str, list[float]]


def main() -> None:
    """Start a broker and an engine of our own, measure, print, stop them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--agent-events", type=int, default=150_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=3, help="also measure 2 … this many workers")
    parser.add_argument("--backlog", type=int, default=0, help="measure memory with so many events waiting")
    options = parser.parse_args()
    configure_logging(LogSettings(level="WARNING", format="console"), "bench")
    relax_collector()  # the baselines must not lose to our worker for a want of tuning
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder), options))


async def _measure(folder: Path, options: argparse.Namespace) -> None:
    events: int = options.events
    load = os.getloadavg()[0]
    async with prepared(folder) as stack:
        written = await write(stack.kafka, _events(events, 7))
        print(f"{events:,} events over {PARTITIONS} partitions, written at {events / written:,.0f}/s")
        print(
            f"{os.cpu_count()} processors, shared with the broker, the engine and whoever else is on this machine; "
            f"load average before: {load:.1f}; figures are medians, least … greatest of {options.rounds} rounds"
        )
        figures: Figures = {}
        peak = max([await _round(stack, number, options, figures) for number in range(options.rounds)])
        _print(figures)
        for count in range(2, options.workers + 1):
            several = await _workers(stack, f"workers_{count}", count, events)
            print(f"{count} workers          {several.rate:>10,.0f}/s")
        if options.backlog > events:
            await write(stack.kafka, _events(options.backlog - events, 8))
            peak = max(peak, (await _workers(stack, "backlog", 1, options.backlog)).peak)
        waiting = max(events, options.backlog)
        held = f"peak memory of a worker, {waiting:,} events waiting: {peak >> 20} MiB"
        _verdict(held, f"≤ {_PEAK_MIB} MiB", peak >> 20 <= _PEAK_MIB)


async def _round(stack: BenchStack, number: int, options: argparse.Namespace, figures: Figures) -> int:
    """Measure every party once; answers the peak of our worker's memory in bytes."""
    for name, rate in await _baselines(stack, options.events):
        figures.setdefault(name, []).append(rate)
    staged = await _workers(stack, f"round_{number}", 1, options.events)
    figures.setdefault("c worker", []).append(staged.rate)
    for name, party, part in _rivals(options):
        rate = await asyncio.to_thread(_rival, stack, f"{party}_{number}", party, part)
        figures.setdefault(name, []).append(rate)
    print(f"round {number + 1}: " + ", ".join(f"{name[0]} {figures[name][-1]:,.0f}/s" for name in sorted(figures)))
    return staged.peak


def _events(count: int, seed: int) -> Iterator[Message]:
    contacts = max(1, count // 20)
    return messages(count - contacts, contacts, seed)


async def _baselines(stack: BenchStack, events: int) -> list[tuple[str, float]]:
    engine = ClickHouse(stack.database("baseline"))
    await engine.create_database()
    bare = events / await bare_consumer(stack.kafka, events)
    unchecked = events / await bare_insert(stack.kafka, engine, events)
    await engine.close()
    return [("a bare", bare), ("b unchecked", unchecked)]


async def _workers(stack: BenchStack, name: str, count: int, events: int) -> Staged:
    staged = await stage_all(stack, name, count)
    rows = await stack.rows(name)
    assert rows == events, f"{name}: {rows:,} of {events:,} events are staged"
    return staged


def _rivals(options: argparse.Namespace) -> list[tuple[str, str, int]]:
    return [
        ("d agent", "agent", min(options.agent_events, options.events)),
        ("e straightforward", "straightforward", options.events),
    ]


def _rival(stack: BenchStack, name: str, party: str, events: int) -> float:
    with (stack.folder / f"{name}.log").open("wb") as log:
        command = [sys.executable, "-m", "bench.rivals", party, str(events)]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=log, env=stack.environment(name, name), check=True, timeout=600
        )
    return float(done.stdout.split()[-1])


def _print(figures: Figures) -> None:
    for name in sorted(figures):
        rates = figures[name]
        print(f"{name:<18} {median(rates):>10,.0f}/s   {min(rates):,.0f} … {max(rates):,.0f}")
    for name, least in _ENDS.items():
        ratio = median(figures["c worker"]) / median(figures[name])
        spread = _ratios(figures["c worker"], figures[name])
        _verdict(f"c / {name:<16} {ratio:>6.2f}   {min(spread):.2f} … {max(spread):.2f}", f"≥ {least}", ratio >= least)


def _ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Of each round by itself: what both had to share with others is then the same, more or less."""
    return [our / other for our, other in zip(ours, theirs, strict=True)]


def _verdict(figure: str, end: str, reached: bool) -> None:
    print(f"{figure}   end {end}: {'reached' if reached else 'NOT reached'}")


if __name__ == "__main__":
    main()
