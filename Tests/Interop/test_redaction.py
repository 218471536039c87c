"""What `temper redact` leaves, looked at by an outsider: `detect-secrets` (Yelp) finds nothing any more.

Needs pytest and the packages of requirements.txt, and Temper built: swift build -c release. TEMPER names the binary when it is not this
package's. Every plugin of detect-secrets looks but the two that tell secrets by entropy alone (they take hashes for secrets) and the one
for public addresses of the network. Nothing is verified on a network.
"""

import json
import os
import pathlib
import random
import string
import subprocess

import pytest

pytest.importorskip("detect_secrets")
from detect_secrets import SecretsCollection  # noqa: E402
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class  # noqa: E402
from detect_secrets.settings import transient_settings  # noqa: E402

PACKAGE = pathlib.Path(__file__).resolve().parents[2]
TEMPER = os.environ.get("TEMPER") or PACKAGE / ".build/release/temper"
LEFT_OUT = {"Base64HighEntropyString", "HexHighEntropyString", "IPPublicDetector"}

ALPHANUMERIC = string.ascii_letters + string.digits
HEX = "0123456789abcdef"


def look(path):
    """The kinds and line numbers that detect-secrets finds."""
    plugins = sorted({kind.__name__ for kind in get_mapping_from_secret_type_to_class().values()} - LEFT_OUT)
    settings = {"plugins_used": [{"name": name} for name in plugins], "filters_used": [
        {"path": "detect_secrets.filters.heuristic.is_templated_secret"},
        {"path": "detect_secrets.filters.heuristic.is_likely_id_string"},
        {"path": "detect_secrets.filters.heuristic.is_indirect_reference"},
    ]}
    found = SecretsCollection()
    with transient_settings(settings):
        found.scan_file(str(path))
    return [(secret.type, secret.line_number) for _, secret in found]


def planted(draw):
    """Secrets in the forms that detect-secrets knows, and the kind it calls them."""
    def some(letters, count):
        return "".join(draw.choice(letters) for _ in range(count))

    key = "\n".join(some(ALPHANUMERIC + "+/", 64) for _ in range(6))
    return {
        "AWS Access Key": "AKIA" + some(string.ascii_uppercase + string.digits, 16),
        "Artifactory Credentials": 'artifactory: "AKCp' + some(ALPHANUMERIC, 69) + '"',
        "Azure Storage Account access key": "AccountKey=" + some(ALPHANUMERIC, 86) + "==",
        "Basic Auth Credentials": f"https://bob:{some(ALPHANUMERIC, 12)}@example.com/x",
        "Discord Bot Token": f"M{some(ALPHANUMERIC, 23)}.{some(ALPHANUMERIC, 6)}.{some(ALPHANUMERIC, 27)}",
        "GitHub Token": "ghp_" + some(ALPHANUMERIC, 36),
        "GitLab Token": "glpat-" + some(ALPHANUMERIC, 20),
        "JSON Web Token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0." + some(ALPHANUMERIC, 43),
        "Mailchimp Access Key": some(HEX, 32) + "-us12",
        "NPM tokens": "//registry.npmjs.org/:_authToken=npm_" + some(ALPHANUMERIC, 36),
        "OpenAI Token": "sk-" + some(ALPHANUMERIC, 20) + "T3BlbkFJ" + some(ALPHANUMERIC, 20),
        "Private Key": f"-----BEGIN RSA PRIVATE KEY-----\n{key}\n-----END RSA PRIVATE KEY-----",
        "PyPI Token": "pypi-AgEIcHlwaS5vcmc" + some(ALPHANUMERIC, 90),
        "Secret Keyword": f'password = "{some(ALPHANUMERIC, 9)}!x"',
        "SendGrid API Key": f"SG.{some(ALPHANUMERIC, 22)}.{some(ALPHANUMERIC, 43)}",
        "Slack Token": f"xoxb-{some(string.digits, 12)}-{some(string.digits, 12)}-{some(ALPHANUMERIC, 24)}",
        "Square OAuth Secret": "sq0csp-" + some(ALPHANUMERIC, 43),
        "Stripe Access Key": "sk_live_" + some(ALPHANUMERIC, 24),
        "Telegram Bot Token": f"{some('123456789', 9)}:AA{some(ALPHANUMERIC, 33)}",
        "Twilio API Key": "SK" + some(HEX, 32),
    }


def redact(source, target):
    result = subprocess.run([TEMPER, "redact", source, "--out", target, "--json"], capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_left_for_detect_secrets(tmp_path, seed):
    draw = random.Random(seed)
    kinds, lines = planted(draw), ["def f(x):", "    return x + 1  # an ordinary line"]
    for text in kinds.values():
        lines += [text, "", "value = f(3)"]
    before, after = tmp_path / "before.txt", tmp_path / "after.txt"
    before.write_text("\n".join(lines) + "\n")
    found = {kind for kind, _ in look(before)}
    # The forms are those it knows, nearly all.
    assert len(found & set(kinds)) >= len(kinds) - 4, sorted(set(kinds) - found)
    report = redact(before, after)
    assert report["marks"] >= len(kinds), report
    assert look(after) == [], after.read_text()


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_left_in_a_file_of_chats(tmp_path, seed):
    draw = random.Random(100 + seed)
    before, after = tmp_path / "before.jsonl", tmp_path / "after.jsonl"
    with before.open("w") as file:
        for text in planted(draw).values():
            call = {"id": "c", "type": "function", "function": {"name": "bash", "arguments": json.dumps({"command": f"echo '{text}'"})}}
            messages = [
                {"role": "user", "content": f"Please use {text} for it."}, {"role": "assistant", "content": None, "tool_calls": [call]},
                {"role": "tool", "tool_call_id": "c", "content": text}, {"role": "assistant", "content": "Done."},
            ]
            file.write(json.dumps({"messages": messages}) + "\n")
    redact(before, after)
    assert [json.loads(line)["messages"][3] for line in after.open()] == [{"role": "assistant", "content": "Done."}] * len(planted(draw))
    # What the records hold, as a reader of them sees it.
    shown = tmp_path / "shown.txt"
    texts = []
    for line in after.open():
        for message in json.loads(line)["messages"]:
            texts.append(message.get("content") or "")
            for call in message.get("tool_calls", []):
                texts.append(json.loads(call["function"]["arguments"])["command"])
    shown.write_text("\n".join(texts))
    assert look(after) == [] and look(shown) == [], shown.read_text()
