"""The shared memory stays small and gives everybody the right thing."""

import threading

from xlsform.cache import Cache


def test_cache__forgets_the_least_used_first() -> None:
    cache = Cache(2)
    for key in ("a", "b", "a", "c"):
        cache.get(key, key.upper)

    assert len(cache) == 2
    assert cache.get("a", lambda: "made anew") == "A"
    assert cache.get("b", lambda: "made anew") == "made anew"


def test_cache__many_threads_get_the_right_values() -> None:
    cache, wrong = Cache(3), []

    def ask(start: int) -> None:
        for number in range(start, start + 200):
            key = number % 7
            if cache.get(key, lambda key=key: key * 10) != key * 10:  # type: ignore[misc]
                wrong.append(key)

    threads = [threading.Thread(target=ask, args=(start,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    assert len(cache) <= 3
