import { useState } from 'preact/hooks';
import type { Problem } from '../../api/problem.ts';
import { send } from '../../api/send.ts';
import { answerOf, useAnswer } from '../../api/use-answer.ts';
import { Why } from '../../panel/why.tsx';
import { said } from '../../words/said.ts';

type Step = 'offered' | 'asked' | 'ending' | 'ended';

/** Takes the simulated shop back; nothing where none runs. */
export function EndDemo() {
  const loaded = useAnswer('/v1/demo', {}, { everyMs: 60_000 });
  const [step, setStep] = useState<Step>('offered');
  const [wrong, setWrong] = useState<Problem>();
  if (answerOf(loaded)?.data.running !== true && step === 'offered') return null;
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
          : said(
              'All numbers here are of a simulated shop. Ending it takes back everything that was counted since it began, your own tries among them; keys, webhooks and alerts stay.',
            )}
      </p>
      <p class="group">
        {step === 'offered' && (
          <button type="button" onClick={() => setStep('asked')}>
            {said('End the simulated shop')}
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
