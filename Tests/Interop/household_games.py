"""Makes ALFWorld-format games and records how the alfworld package plays them.

    python household_games.py --out record.jsonl --folder GAMES [--games 60] [--seed 7] [--without-domain]

The record of the golden tier, Tests/TemperEnvironmentsTests/Golden/household-games.jsonl, has --games 12 --seed 1 --without-domain.

Each game is a small room with made-up contents in ALFRED's vocabulary, written as a PDDL problem and played by ALFWorld's own
PddlEnv and name demangler, half of the games with each release's rules and grammar: 0.4 is what the package ships, 0.3 is AgentBench's copy
(TEMPER_DATA/agentbench/alfworld/logic; without it all games are 0.4). The rooms are kept small, since the planner takes minutes in a big kitchen.
A game is played by random actions (admissible ones, near misses and nonsense), then by the planner until it is won.

Line 1 of the record: {"logic": {release: {"domain", "grammar"}}} (with --without-domain the grammar alone). Then one line a game:
{"name", "release", "task", "problem", "opening", "commands", "steps": [{"action", "observation", "added", "removed", "won"}]}
where added and removed change the list of admissible commands of the step before.
"""

import argparse
import json
import os
import pathlib
import random

import textworld
from alfworld.agents.environment.alfred_tw_env import AlfredDemangler
from alfworld.gen import constants, goal_library
from alfworld.info import ALFRED_PDDL_PATH, ALFRED_TWL2_PATH
from textworld.envs import PddlEnv

KINDS = [
    "pick_and_place_simple", "look_at_obj_in_light", "pick_clean_then_place_in_recep", "pick_heat_then_place_in_recep",
    "pick_cool_then_place_in_recep", "pick_two_obj_and_place",
]
STATES = {"pick_clean_then_place_in_recep": "Cleanable", "pick_heat_then_place_in_recep": "Heatable",
          "pick_cool_then_place_in_recep": "Coolable"}
PLACES = ["Cabinet", "Drawer", "Shelf", "CounterTop", "DiningTable", "SideTable", "Desk", "Dresser", "GarbageCan", "Bed", "Sofa"]
OPENABLE = {"Cabinet", "Drawer", "Fridge", "Microwave", "Safe"}
LAMPS = ["DeskLamp", "FloorLamp"]
# How often a random player takes up a verb; the others have 4.
WEIGHTS = {"help": 0.1, "inventory": 0.5, "look": 1, "examine": 1, "go": 5, "open": 2, "close": 1, "heat": 9, "cool": 9, "clean": 9,
           "slice": 12, "use": 2}
EXTRAS = ["Knife", "ButterKnife", "Apple", "Tomato", "Bread", "Bowl", "Mug", "Plate", "Pen", "Book", "CellPhone", "Cloth", "SoapBar"]


def logic():
    """Domain and grammar of each release that is installed."""
    releases = {"0.4": (ALFRED_PDDL_PATH, ALFRED_TWL2_PATH)}
    old = pathlib.Path(os.environ.get("TEMPER_DATA", "../shared/data")) / "agentbench/alfworld/logic"
    if old.is_dir():
        releases["0.3"] = (old / "alfred.pddl", old / "alfred.twl2")
    return {name: {"domain": pathlib.Path(d).read_text(), "grammar": pathlib.Path(g).read_text()}
            for name, (d, g) in releases.items()}


def mangled(name):
    for old, new in [("-", "_minus_"), ("|", "_bar_"), ("+", "_plus_"), (".", "_dot_"), (",", "_comma_")]:
        name = name.replace(old, new)
    return name


class Room:
    """A problem while it is made up."""

    def __init__(self, kind, rng):
        self.kind, self.rng = kind, rng
        self.receptacles, self.objects, self.locations, self.facts = [], [], [], []
        self.where = {}

    def coordinates(self):
        return "|".join(f"{self.rng.uniform(-3, 3):+06.2f}" for _ in range(3))

    def location(self):
        name = "loc|" + "|".join(str(self.rng.randint(-9, 9)) for _ in range(3)) + "|30"
        if name in self.locations:
            return self.location()
        self.locations.append(name)
        return name

    def receptacle(self, type_name):
        identifier = f"{type_name}|{self.coordinates()}"
        if type_name == "SinkBasin":
            identifier = f"Sink|{self.coordinates()}|SinkBasin"
        # Now and then two receptacles are reached from one place.
        shared = self.locations and self.rng.random() < 0.3
        place = self.rng.choice(self.locations) if shared else self.location()
        self.receptacles.append((identifier, type_name))
        self.where[identifier] = place
        self.facts += [f"(receptacleType {identifier} {type_name}Type)", f"(receptacleAtLocation {identifier} {place})"]
        if type_name in OPENABLE:
            self.facts.append(f"(openable {identifier})")
            if self.rng.random() < 0.15:
                self.facts.append(f"(opened {identifier})")
        return identifier

    def thing(self, type_name, receptacle):
        identifier = f"{type_name}|{self.coordinates()}"
        self.objects.append((identifier, type_name))
        # In ALFRED's scenes the place of an object is not always the place of its receptacle.
        place = self.where[receptacle] if self.rng.random() < 0.8 else self.rng.choice(self.locations)
        self.facts += [f"(objectType {identifier} {type_name}Type)", f"(inReceptacle {identifier} {receptacle})",
                       f"(objectAtLocation {identifier} {place})"]
        traits = {"Cleanable": "cleanable", "Heatable": "heatable", "Coolable": "coolable", "Sliceable": "sliceable"}
        for group, predicate in traits.items():
            if type_name in constants.VAL_ACTION_OBJECTS[group]:
                self.facts.append(f"({predicate} {identifier})")
        if type_name in LAMPS:
            self.facts.append(f"(toggleable {identifier})")
            if self.rng.random() < 0.3:
                self.facts.append(f"(isOn {identifier})")
        else:
            self.facts.append(f"(pickupable {identifier})")
        if type_name in constants.MOVABLE_RECEPTACLES_SET:
            self.facts.append(f"(isReceptacleObject {identifier})")
        if self.rng.random() < 0.05 and type_name not in LAMPS:
            self.facts.append(f"({self.rng.choice(['isHot', 'isCool', 'isClean', 'isSliced'])} {identifier})")
        return identifier

    def fits(self, type_name):
        held = constants.VAL_RECEPTACLE_OBJECTS
        return [r for r, t in self.receptacles if type_name in held.get(t, ())]


def make_problem(kind, rng):
    """A PDDL problem of a kind, and its task's words."""
    while True:
        room = Room(kind, rng)
        types = rng.choices(PLACES, k=rng.randint(3, 7))
        appliances = {"pick_clean_then_place_in_recep": "SinkBasin", "pick_heat_then_place_in_recep": "Microwave",
                      "pick_cool_then_place_in_recep": "Fridge"}
        types += [a for k, a in appliances.items() if k == kind or rng.random() < 0.3]
        rng.shuffle(types)
        for type_name in types:
            room.receptacle(type_name)
        target = rng.choice([t for t in types if t not in appliances.values()])
        held = constants.VAL_RECEPTACLE_OBJECTS.get(target, set())
        allowed = constants.VAL_ACTION_OBJECTS[STATES[kind]] if kind in STATES else set(constants.OBJECTS)
        candidates = sorted(o for o in held if o in allowed and "Sliced" not in o and room.fits(o))
        if not candidates:
            continue
        wanted = rng.choice(candidates)
        others = [r for r in room.fits(wanted) if not r.startswith(target)]
        if not others:
            continue
        for _ in range(2 if kind == "pick_two_obj_and_place" else rng.randint(1, 2)):
            room.thing(wanted, rng.choice(others))
        lamp = rng.choice(LAMPS)
        if kind == "look_at_obj_in_light" or rng.random() < 0.2:
            room.thing(lamp, rng.choice(room.receptacles)[0])
        for extra in rng.choices(EXTRAS, k=rng.randint(4, 12)):
            if room.fits(extra) and extra != wanted:
                room.thing(extra, rng.choice(room.fits(extra)))
        bowls = [o for o, t in room.objects if t in ("Bowl", "Plate")]
        if bowls and rng.random() < 0.5:
            inside, _ = rng.choice([o for o in room.objects if o[0] not in bowls] or [room.objects[0]])
            if inside != bowls[0]:
                room.facts.append(f"(inReceptacleObject {inside} {bowls[0]})")
        break
    start = room.location() if rng.random() < 0.85 else rng.choice(room.locations)
    otypes = sorted({t for _, t in room.objects})
    rtypes = sorted({t for _, t in room.receptacles})
    contains = [f"(canContain {r}Type {o}Type)" for r in rtypes for o in otypes
                if o in constants.VAL_RECEPTACLE_OBJECTS.get(r, ())]
    objects = (["agent1 # agent"] + [f"{o} # object" for o, _ in room.objects] + [f"{r} # receptacle" for r, _ in room.receptacles]
               + [f"{place} # location" for place in room.locations] + [f"{t}Type # otype" for t in otypes]
               + [f"{t}Type # rtype" for t in rtypes])
    rng.shuffle(room.facts)
    facts = [f"(atLocation agent1 {start})"] + room.facts + contains
    goal = goal_library.gdict[kind]["pddl"].format(obj=wanted, recep=target, toggle=lamp)
    words = rng.choice(goal_library.gdict[kind]["templates"]).format(
        obj=wanted.lower(), recep=target.lower(), toggle=lamp.lower())
    text = "(define (problem room)\n(:domain alfred)\n(:objects\n" + "\n".join(objects) + "\n)\n(:init\n" + "\n".join(facts) + "\n)\n"
    return mangled(text).replace("#", "-") + " ".join(goal.replace("#", "-").split()), words


def near_miss(rng, commands):
    """A command that is mostly not admissible."""
    words = rng.choice(commands).split()
    options = [
        lambda: " ".join(words[:-1]), lambda: " ".join(words).upper(), lambda: "put " + " ".join(words[1:]),
        lambda: " ".join(words).replace("1", "2"), lambda: "dance", lambda: " ".join(["open"] + words[-2:]),
        lambda: " ".join(["close"] + words[-2:]), lambda: " ".join(["use"] + words[-2:]), lambda: "  " + " ".join(words) + " ",
        lambda: " ".join(["go to"] + words[-2:]), lambda: "take " + " ".join(words[-2:]), lambda: "",
    ]
    return rng.choice(options)()


def random_action(rng, commands):
    if rng.random() < 0.15:
        return near_miss(rng, commands)
    # By verb first: most commands are ways to go.
    verbs = sorted({c.split()[0] for c in commands})
    weights = [WEIGHTS.get(verb, 4) for verb in verbs]
    held = [c for c in commands if c.startswith("examine") and "go to " + c[len("examine "):] not in commands]
    if held and rng.random() < 0.15:
        return rng.choice(held)
    verb = rng.choices(verbs, weights)[0]
    return rng.choice([c for c in commands if c.split()[0] == verb])


def start(path):
    base = PddlEnv(textworld.EnvInfos(admissible_commands=True, won=True, feedback=True))
    env = AlfredDemangler(base)
    env.load(str(path))
    return base, env, env.reset()


def plan(path):
    """The planner's way to win a game."""
    base, _, _ = start(path)
    return base._pddl_state.replan(base._entity_infos)


def play(path, rng, random_steps):
    """Plays a game file: random actions, then the planner's until it is won."""
    base, env, state = start(path)
    opening, first = state.feedback, state.admissible_commands
    commands, steps = first, []

    def step(action):
        nonlocal commands
        state, _, done = env.step(action)
        now = state.admissible_commands
        steps.append({"action": action, "observation": state.feedback, "added": sorted(set(now) - set(commands)),
                      "removed": sorted(set(commands) - set(now)), "won": state.won})
        commands = now
        return done

    for _ in range(random_steps):
        if step(random_action(rng, commands)):
            return opening, first, steps
    for action in base._pddl_state.replan(base._entity_infos):
        if step(action):
            break
    return opening, first, steps


def record(out, games, seed, folder, without_domain=False):
    rules = logic()
    written = {name: {"grammar": r["grammar"]} if without_domain else r for name, r in rules.items()}
    with open(out, "w") as file:
        file.write(json.dumps({"logic": written}) + "\n")
        for number in range(games):
            rng = random.Random(f"household {seed} {number}")
            kind = KINDS[number % len(KINDS)]
            release = sorted(rules)[number // len(KINDS) % len(rules)]
            problem, words = make_problem(kind, rng)
            name = f"{kind}-{number:03}"
            path = pathlib.Path(folder) / name / "game.tw-pddl"
            path.parent.mkdir(parents=True, exist_ok=True)
            grammar = rules[release]["grammar"].replace("UNKNOWN GOAL", words)
            game = {"pddl_domain": rules[release]["domain"], "grammar": grammar, "pddl_problem": problem, "solvable": True}
            path.write_text(json.dumps(game))
            path.write_text(json.dumps({**game, "walkthrough": plan(path)}))
            random_steps = 0 if number % 4 == 0 else rng.randint(20, 80)
            opening, commands, steps = play(path, rng, random_steps)
            file.write(json.dumps({"name": name, "release": release, "task": words, "problem": problem, "opening": opening,
                                   "commands": commands, "steps": steps}) + "\n")
            file.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    parser.add_argument("--games", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--without-domain", action="store_true")
    options = parser.parse_args()
    record(options.out, options.games, options.seed, options.folder, options.without_domain)
