"""Run the command line: `python -m dbmcp`."""

from dbmcp.cli.main import main

main()
