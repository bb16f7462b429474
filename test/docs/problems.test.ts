import { expect, test } from 'vitest';
import { problemTypes, problemUri } from '../../src/http/problem-types.ts';

const HEAD = `# Problems

Every refusal is \`application/problem+json\` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)) with \`type\`, \`title\`, \`status\` and \`detail\`, and for bad input
\`errors\` with the path of each part. Where why has a name, \`reason\` says it, with its \`values\`, for those who say it in other words. \`type\` is one of those below, and a path on the server, which shows the same text.
New ones are made of \`src/http/problem-types.ts\`: \`npx vitest run test/docs/problems.test.ts --update\`.
`;

test('the document lists every kind of problem, as the server shows it', async () => {
  const parts = problemTypes.map(
    ({ code, status, title, means, todo }) =>
      `## ${problemUri(code)}\n\n**${status} ${title}.** ${means}\n\nWhat to do: ${todo}\n`,
  );
  await expect([HEAD, ...parts].join('\n')).toMatchFileSnapshot('../../docs/problems.md');
});
