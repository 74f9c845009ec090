"""What a phone makes of the pages: Lighthouse in a real Chromium, over a running demo.

The npm package is pinned by package-lock.json, and installed the first time it is asked for. A page is asked for twice
before it is measured, and measured three times: the median counts. Lighthouse imitates a phone on a slow line
(1.6 Mbit/s, 150 ms, processor ÷ 4) from what it saw on the machine, so that a busy machine makes a slow page.
"""
