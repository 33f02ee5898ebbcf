"""What an answer tells of many things, with its limit at their number and one below it."""


async def cut(monkeypatch, module, name, read, part):
    """Assert that all is told where it is just as much as may be, and all but the last where it is
    one more; return what is said besides then."""
    with monkeypatch.context() as patched:
        whole = part(await read())
        assert whole, "there is nothing to cut"
        patched.setattr(module, name, len(whole))
        assert part(await read()) == whole
        patched.setattr(module, name, len(whole) - 1)
        rest = await read()
        assert part(rest) == whole[:-1]
        return rest
