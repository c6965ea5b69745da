"""What the start leaves for later is left, and is there when it is used."""

import subprocess
import sys

PROGRAM = """
from dbmcp.server.deferral import deferred_models
with deferred_models():
    import mcp.types as t
print(t.CreateMessageRequestParams.__pydantic_complete__)
print(t.Tool.model_validate({"name": "n", "inputSchema": {}}).model_dump(by_alias=True, exclude_none=True))
from pydantic import BaseModel
class Mine(BaseModel):
    number: int
print(Mine.__pydantic_complete__)
"""


def test_models_of_the_sdk_are_built_with_their_first_use_and_others_at_once() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False", "{'name': 'n', 'inputSchema': {}}", "True"]
