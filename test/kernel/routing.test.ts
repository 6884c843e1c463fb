/** Policy routing, source selection and source checks against `ip route get` of the running kernel, on random networks. */
import { expect, it } from 'vitest';
import { NETWORKS, askNetwork } from './routing/asked.js';
import { wrongAnswers } from './routing/answers.js';

it.each(NETWORKS)('ip route get, IPv$family, network $seed, policy rules: $rules', (wanted) => {
  const { draft, answers } = askNetwork(wanted);
  const oneTrie = wanted.family === 4 && !wanted.rules;
  const wrong = answers.flatMap(({ query, answer, match, text }) =>
    wrongAnswers(draft.network(), { flow: query.flow, answer, match }, oneTrie).map(
      (said) => `${query.text}\n  ${said} (${text})`,
    ),
  );
  expect(wrong.join('\n'), [`seed ${String(wanted.seed)}`, ...draft.commands].join('\n')).toBe('');
});
