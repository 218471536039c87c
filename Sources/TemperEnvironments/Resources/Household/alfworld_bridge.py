"""Plays ALFWorld and TextWorld games over JSON lines: a request a line on standard input, an answer a line on standard output.

    {"do": "reset", "game": "…/game.tw-pddl"}    or a .z8 game of TextWorld
    {"do": "step", "command": "go to desk 1"}
        -> {"observation": "…", "commands": ["…"], "won": false, "done": false}    or {"error": "…"}

Needs the packages alfworld (for .tw-pddl) or textworld (for .z8).
"""

import json
import os
import sys

answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)  # What the packages print goes to standard error.

import textworld


def start(path):
    infos = textworld.EnvInfos(admissible_commands=True, won=True, feedback=True)
    if path.endswith(".tw-pddl"):
        from alfworld.agents.environment.alfred_tw_env import AlfredDemangler
        from textworld.envs import PddlEnv

        game = AlfredDemangler(PddlEnv(infos))
        game.load(path)
        return game
    return textworld.start(path, infos)


def main():
    game = None
    for line in sys.stdin:
        try:
            request = json.loads(line)
            if request["do"] == "reset":
                game = start(request["game"])
                state, done = game.reset(), False
            else:
                state, _, done = game.step(request["command"])
            answer = {"observation": state.feedback, "commands": state.admissible_commands, "won": bool(state.won), "done": bool(done)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")


main()
