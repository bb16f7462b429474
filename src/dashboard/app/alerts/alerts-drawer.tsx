import { useEffect, useState } from 'preact/hooks';
import type { Answer } from '../api/answers.ts';
import { ask, urlOf } from '../api/ask.ts';
import type { Problem } from '../api/problem.ts';
import { send } from '../api/send.ts';
import { Drawer } from '../panel/drawer.tsx';
import { Why } from '../panel/why.tsx';
import { said } from '../words/said.ts';
import { words } from '../words/words.ts';
import { AlertForm, type Made } from './alert-form.tsx';
import { AlertList } from './alert-list.tsx';
import type { Alert, Watch } from './watch.ts';

const PATH = '/v1/alerts';

interface AlertsDrawerProps {
  /** What an alert is to be made of; nothing where only those that there are are looked at. */
  readonly watch: Watch | undefined;
  readonly mayChange: boolean;
  readonly onClose: () => void;
}

/** A new alert, and those that there are. */
export function AlertsDrawer({ watch, mayChange, onClose }: AlertsDrawerProps) {
  const { alerts: says } = words();
  const [made, setMade] = useState<Made>();
  const { alerts, wrong, load, remove } = useAlerts();
  return (
    <Drawer label={says.opener} onClose={onClose}>
      {watch && mayChange && made === undefined && (
        <AlertForm
          watch={watch}
          onMade={(one) => {
            setMade(one);
            void load();
          }}
        />
      )}
      {made && <Done made={made} />}
      <section
        class="panel"
        aria-labelledby="alerts"
        data-panel="alerts"
        data-state={alerts === undefined ? 'loading' : 'loaded'}
      >
        <h3 id="alerts">{says.list}</h3>
        <p class="hint">{mayChange ? says.notForThis : says.admins}</p>
        {alerts === undefined && wrong === undefined && <p class="state">{said('Loading …')}</p>}
        {wrong && (
          <p class="state failed" role="alert">
            <Why problem={wrong} />
          </p>
        )}
        {alerts?.length === 0 && <p class="state">{says.none}</p>}
        <AlertList alerts={alerts ?? []} onRemove={mayChange ? (id) => void remove(id) : undefined} />
      </section>
    </Drawer>
  );
}

function Done({ made: { name, secrets } }: { readonly made: Made }) {
  const { alerts: says } = words();
  return (
    <section class="panel" aria-labelledby="made-alert">
      <p id="made-alert" role="status">
        {says.made(name)}
      </p>
      {secrets.map((secret) => (
        <div class="field" key={secret}>
          <label for="alert-secret">{says.secret}</label>
          <input
            id="alert-secret"
            type="text"
            readOnly
            value={secret}
            onFocus={(event) => event.currentTarget.select()}
          />
        </div>
      ))}
    </section>
  );
}

function useAlerts() {
  const [alerts, setAlerts] = useState<readonly Alert[]>();
  const [wrong, setWrong] = useState<Problem>();
  const load = async (): Promise<void> => {
    const outcome = await ask<Answer<typeof PATH>>(urlOf(PATH, {}));
    setWrong('problem' in outcome ? outcome.problem : undefined);
    if ('answer' in outcome) setAlerts(outcome.answer.data);
  };
  const remove = async (id: string): Promise<void> => {
    const sent = await send('DELETE', `${PATH}/${encodeURIComponent(id)}`);
    await load();
    if ('problem' in sent) setWrong(sent.problem);
  };
  useEffect(() => {
    void load();
  }, []);
  return { alerts, wrong, load, remove };
}
