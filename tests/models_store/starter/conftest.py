from __future__ import annotations

import pytest

from models_store.starter.factory.pools import Pools, build_pools


@pytest.fixture(scope="session")
def pools() -> Pools:
    """Small pools, built afresh: no file of a training run is needed."""
    return build_pools(("en_US", "de_DE"), share=0.1)
