"""Two cars wait for a light. Exercise 1 of chapter 17 is the same program in Rust."""
import asyncio

from ch16_clock import run, say


async def car(number, light):
    await light.wait()
    say(f"car {number} drives")


async def main():
    light = asyncio.Event()
    cars = [asyncio.create_task(car(number, light)) for number in (1, 2)]
    try:
        async with asyncio.timeout(3):
            await light.wait()
    except TimeoutError:
        say("still red")
    cars[0].cancel()
    light.set()
    await asyncio.gather(*cars, return_exceptions=True)
    say("all gone")


run(main())
