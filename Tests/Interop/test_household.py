"""Household games played side by side with the alfworld package: the same admissible commands, observations and wins.

Needs the packages of requirements-alfworld.txt (fast-downward is compiled, 2-3 minutes), and Temper's tests built:
    python3 -m venv .cache/alfworld && .cache/alfworld/bin/pip install -r Tests/Interop/requirements-alfworld.txt
    swift build -c release --build-tests -Xswiftc -enable-testing && .cache/alfworld/bin/python -m pytest Tests/Interop/test_household.py
TEMPER_PACKAGE names the package's folder when it is not this file's.
"""

import os
import pathlib
import subprocess
import sys

import pytest

pytest.importorskip("alfworld")

import household_games
import textworld

PACKAGE = os.environ.get("TEMPER_PACKAGE") or pathlib.Path(__file__).resolve().parents[2]


def run_swift_test(name, **environment):
    result = subprocess.run(
        ["swift", "test", "-c", "release", "--skip-build", "-Xswiftc", "-enable-testing", "--filter", name],
        cwd=PACKAGE, env={**os.environ, **environment}, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-4000:]
    # A filter that finds nothing also succeeds.
    assert "1 test" in result.stdout + result.stderr, result.stdout[-4000:]
    print("\n".join(line for line in result.stdout.splitlines() if line.startswith("household:")))


@pytest.fixture(scope="module")
def games(tmp_path_factory):
    folder = tmp_path_factory.mktemp("household")
    household_games.record(folder / "record.jsonl", games=60, seed=7, folder=folder / "games")
    return folder


def test_sixty_games_step_by_step(games):
    run_swift_test("playsInteropRecord", TEMPER_HOUSEHOLD_RECORD=str(games / "record.jsonl"))


def test_walkthroughs_win_in_the_simulator(games):
    run_swift_test("goldWinsInteropGames", TEMPER_HOUSEHOLD_GAMES=str(games / "games"))


def test_bridge_and_simulator_agree(games):
    run_swift_test(
        "bridgeMatchesSimulator", TEMPER_HOUSEHOLD_GAMES=str(games / "games"), TEMPER_HOUSEHOLD_PYTHON=sys.executable)


def test_bridge_plays_a_textworld_game(tmp_path):
    game = tmp_path / "simple.z8"
    maker = pathlib.Path(sys.executable).parent / "tw-make"
    subprocess.run(
        [maker, "tw-simple", "--rewards", "sparse", "--goal", "detailed", "--seed", "3", "--output", game], check=True)
    environment = textworld.start(str(game), textworld.EnvInfos(extras=["walkthrough"]))
    (tmp_path / "walkthrough.txt").write_text("\n".join(environment.reset()["extra.walkthrough"]))
    environment.close()
    run_swift_test("bridgePlaysTextWorld", TEMPER_TEXTWORLD_GAME=str(game), TEMPER_HOUSEHOLD_PYTHON=sys.executable)
