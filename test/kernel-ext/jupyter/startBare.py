"""Starts kernel NAME, found through JUPYTER_PATH FOLDER, with an empty PATH, and runs a cell: startBare.py FOLDER NAME"""
import json
import os
import sys

folder, name = sys.argv[1:]
os.environ["JUPYTER_PATH"] = folder

from jupyter_client.kernelspec import KernelSpecManager  # noqa: E402
from jupyter_client.manager import start_new_kernel  # noqa: E402

specs = KernelSpecManager().find_kernel_specs()
manager, client = start_new_kernel(kernel_name=name, startup_timeout=120, env={"HOME": os.environ["HOME"], "PATH": ""})


def evaluated(code):
    """The text of a cell's result."""
    texts = []

    def output(message):
        if message["msg_type"] == "execute_result":
            texts.append(message["content"]["data"]["text/plain"])

    client.execute_interactive(code, output_hook=output, timeout=120)
    return "".join(texts).strip("'")


try:
    info = client.kernel_info(reply=True, timeout=60)["content"]
    print(json.dumps({
        "specs": specs[name].startswith(folder),
        "implementation": info["implementation"],
        "path": evaluated("process.env.PATH"),
        "result": evaluated("6 * 7"),
    }))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
