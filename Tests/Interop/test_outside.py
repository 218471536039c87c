"""User-defined suites against real servers: the `mcp` package's server on stdio, and an `openenv-core` server over WebSocket.

Needs pytest and the packages of requirements.txt (OpenEnv: `pip install openenv-core==0.3.0 uvicorn`, skipped without it), and Temper
built: swift build -c release. TEMPER names the binary when it is not this package's.
"""

import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time

import pytest

PACKAGE = pathlib.Path(__file__).resolve().parents[2]
TEMPER = os.environ.get("TEMPER") or PACKAGE / ".build/release/temper"


def shown_files(section):
    """The files that a section of docs/your-own-task.md shows, by name."""
    page = (PACKAGE / "docs/your-own-task.md").read_text()
    text = page.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return dict(re.findall(r"^\*\*(\S+)\*\*\n```\w*\n(.*?)^```", text, re.S | re.M))


def evaluate(folder, files):
    """The row of `temper evaluate` with the reference actions of the tasks."""
    for name, text in files.items():
        (folder / name).write_text(text)
    path = f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"
    result = subprocess.run(
        [TEMPER, "evaluate", "--suite", folder / "suite.yaml", "--policy", "gold", "--json"],
        env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-2000:]
    return json.loads(result.stdout)


def test_a_server_of_the_mcp_package_gives_tools(tmp_path):
    pytest.importorskip("mcp")
    files = shown_files("Tools of an MCP server")
    # A tool that refuses its arguments is an observation, not a failure.
    refused = {"instruction": "2 + 41", "answer": "43", "solution": ['add[{"a": "x"}]', "finish[43]"]}
    files["tasks.jsonl"] += json.dumps(refused) + "\n"
    row = evaluate(tmp_path, files)
    assert row["n"] == 2 and row["mean_reward"] == 1.0, row


def test_an_openenv_server_keeps_a_session(tmp_path):
    pytest.importorskip("openenv.core.env_server.http_server")
    pytest.importorskip("uvicorn")
    (tmp_path / "counting.py").write_text(
        "from openenv.core.env_server.http_server import create_app\n"
        "from openenv.core.env_server.interfaces import Environment\n"
        "from openenv.core.env_server.types import Action, Observation, State\n"
        "class Add(Action):\n"
        "    by: int\n"
        "class Seen(Observation):\n"
        "    text: str\n"
        "class Counting(Environment):\n"
        "    SUPPORTS_CONCURRENT_SESSIONS = True\n"
        "    def reset(self, seed=None, episode_id=None, **more):\n"
        "        self.goal, self.count = seed, 0\n"
        "        return Seen(text=f'count to {seed}')\n"
        "    def step(self, action, timeout_s=None, **more):\n"
        "        self.count += action.by\n"
        "        return Seen(text=str(self.count), done=self.count >= self.goal, reward=float(self.count == self.goal))\n"
        "    @property\n"
        "    def state(self):\n"
        "        return State()\n"
        "app = create_app(Counting, Add, Seen, env_name='counting', max_concurrent_envs=16)\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "counting:app", "--port", str(port), "--log-level", "error"], cwd=tmp_path)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        suite = f"""
instruction: Count.
tasks: {{ files: {{ test: tasks.jsonl }} }}
openenv:
  url: http://127.0.0.1:{port}
  reset: {{ seed: "{{goal:number}}" }}
  actions: {{ add: {{ by: "{{argument:number}}" }} }}
  observation: text
"""
        tasks = [
            {"instruction": f"Count to {goal}.", "goal": goal, "solution": ["add[x]", "add[0.5]", "add[1]", f"add[{goal - 1}]"]}
            for goal in (2, 3, 4, 5, 6)
        ]
        row = evaluate(tmp_path, {"suite.yaml": suite, "tasks.jsonl": "\n".join(map(json.dumps, tasks))})
        assert row["n"] == 5 and row["mean_reward"] == 1.0, row
    finally:
        server.terminate()
        server.wait(10)
