// Writes one line per guise into the file COUNTERSIGN_RESULTS: name, passed, failed, not run, and how many of those that passed
// needed a second try (separated by tabs).
import { writeFileSync } from 'node:fs';

export default class Reporter {
  onBegin(_config, suite) {
    this.suite = suite;
  }

  onEnd() {
    const guises = new Map();
    for (const test of this.suite.allTests()) {
      const name = test.parent.project()?.name ?? 'journeys';
      const counts = guises.get(name) ?? { passed: 0, failed: 0, notRun: 0, again: 0 };
      const outcome = test.outcome();
      if (outcome === 'unexpected') counts.failed += 1;
      else if (outcome === 'skipped') counts.notRun += 1;
      else counts.passed += 1;
      if (outcome === 'flaky') counts.again += 1;
      guises.set(name, counts);
    }
    const lines = [...guises].map(([name, counts]) => `${name}\t${counts.passed}\t${counts.failed}\t${counts.notRun}\t${counts.again}\n`);
    if (process.env.COUNTERSIGN_RESULTS) writeFileSync(process.env.COUNTERSIGN_RESULTS, lines.join(''));
  }

  printsToStdio() {
    return false;
  }
}
