"""Serves a Python class as a Temper environment: JSON lines on standard input and output, protocol version 1."""
import json
import os
import traceback


def serve(make_environment):
    """Answers Temper's calls until standard input ends. `make_environment()` returns an object with three methods:

    reset(task)  -> what the policy sees beside the task (text or None); task: {"id", "split", "instruction", "record"}
    step(name, argument) -> observation, or (observation, done), or a dict with observation, done, valid, actions
    score()      -> the reward in 0...1, or (reward, {metric: value})
    """
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the environment prints goes to standard error, not between the replies
    environment = make_environment()
    for line in open(0, encoding="utf-8"):
        request = json.loads(line)
        reply = {"temper": 1, "id": request["id"]}
        try:
            if request["call"] == "reset":
                result = environment.reset(request["task"])
                reply.update(result if isinstance(result, dict) else {"observation": result})
            elif request["call"] == "step":
                result = environment.step(request["action"]["name"], request["action"]["argument"])
                result = result if isinstance(result, (tuple, dict)) else (result, False)
                reply.update(result if isinstance(result, dict) else dict(zip(("observation", "done"), result)))
            elif request["call"] == "score":
                result = environment.score()
                reply.update(zip(("reward", "metrics"), result if isinstance(result, tuple) else (result, {})))
        except Exception as error:
            traceback.print_exc()
            reply["error"] = {"message": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), file=replies, flush=True)
