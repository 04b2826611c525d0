"""The verb that prints completion scripts."""

from __future__ import annotations

import click


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the shell's completion script.

    \b
    Examples:
      eval "$(genbench completion bash)"
      genbench completion fish > ~/.config/fish/completions/genbench.fish
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    if found is not None:
        click.echo(
            found(click.get_current_context().find_root().command, {}, "genbench", "_GENBENCH_COMPLETE").source()
        )
