"""What Python's random generator (MT19937) gives after random.seed(SEED): test vectors.

    python3 mt_vectors.py [SEED]        default 444, the founding program's seed
"""
import random
import sys

BLOCK = 624     # numbers made at a time: the generator refills ("twists") after each block


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 444

    print('# made by mt_vectors.py; one getrandbits(32) is one raw draw')
    raw = random.Random(seed)
    numbers = [raw.getrandbits(32) for _ in range(BLOCK + 4)]
    print(f'raw u32, seed {seed} (first 50):')
    print(numbers[:50])

    rolls = random.Random(seed)
    print(f'randint(0,10), seed {seed} (first 50):')
    print([rolls.randint(0, 10) for _ in range(50)])

    print('u32 number 624..627 (0-based; first outputs after the second twist):', numbers[BLOCK:])

    # randint draws 4 bits until they are at most 10: count the raw draws that come to the same state.
    raw, draws = random.Random(seed), 0
    while raw.getstate() != rolls.getstate():
        raw.getrandbits(32)
        draws += 1
    print('raw draws consumed by the first 50 randints:', draws)


if __name__ == '__main__':
    main()
