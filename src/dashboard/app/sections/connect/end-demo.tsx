import { useState } from 'preact/hooks';
import type { Problem } from '../../api/problem.ts';
import { send } from '../../api/send.ts';
import { answerOf, useAnswer } from '../../api/use-answer.ts';
import { Why } from '../../panel/why.tsx';
import { said } from '../../words/said.ts';

type Step = 'offered' | 'asked' | 'ending' | 'ended';

/** Takes the simulated shop back, whether or not it still runs; nothing where it is not in the numbers. */
export function EndDemo() {
  const loaded = useAnswer('/v1/demo', {}, { everyMs: 60_000 });
  const [step, setStep] = useState<Step>('offered');
  const [wrong, setWrong] = useState<Problem>();
  const demo = answerOf(loaded)?.data;
  if (demo?.counted !== true && step === 'offered') return null;
  const canEnd = demo?.can_end !== false;
  const end = async (): Promise<void> => {
    setStep('ending');
    const sent = await send('DELETE', '/v1/demo');
    setWrong('problem' in sent ? sent.problem : undefined);
    setStep('problem' in sent ? 'offered' : 'ended');
  };
  return (
    <section class="panel wide" aria-labelledby="simulated-shop" data-panel="simulated-shop" data-state={step}>
      <h3 id="simulated-shop">{said('Simulated shop')}</h3>
      <p>
        {step === 'ended'
          ? said('The simulated shop is gone. What comes from now on is yours.')
          : demo?.running === false
            ? said(
                'A simulated shop ran here, and its events are still in the numbers. Taking them back takes everything that was counted since it began, your own events among them; keys, webhooks and alerts stay.',
              )
            : said(
                'All numbers here are of a simulated shop. Ending it takes back everything that was counted since it began, your own tries among them; keys, webhooks and alerts stay.',
              )}
      </p>
      {step !== 'ended' && !canEnd && (
        <p>
          {said(
            'Others may use this server, so it is done where nothing runs, and takes keys, webhooks and alerts too:',
          )}{' '}
          <code>npm start -- reset</code>
        </p>
      )}
      <p class="group">
        {step === 'offered' && canEnd && (
          <button type="button" onClick={() => setStep('asked')}>
            {demo?.running === false ? said('Take the simulated events back') : said('End the simulated shop')}
          </button>
        )}
        {step === 'asked' && (
          <>
            <button type="button" class="danger" onClick={() => void end()}>
              {said('Yes, take all of it back')}
            </button>
            <button type="button" onClick={() => setStep('offered')}>
              {said('No')}
            </button>
          </>
        )}
        {step === 'ending' && <span role="status">{said('It is being taken back …')}</span>}
        <span class="problem" role="alert">
          {wrong && <Why problem={wrong} />}
        </span>
      </p>
    </section>
  );
}
