import { useState } from 'preact/hooks';
import type { Problem } from '../api/problem.ts';
import { send } from '../api/send.ts';
import { answerOf, useAnswer } from '../api/use-answer.ts';
import { Drawer } from '../panel/drawer.tsx';
import { Why } from '../panel/why.tsx';
import { said } from '../words/said.ts';
import { words } from '../words/words.ts';
import { AlertForm, type Made } from './alert-form.tsx';
import { AlertList } from './alert-list.tsx';
import type { Watch } from './watch.ts';

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
  const { alerts, wrong, load, remove, watch: watchList } = useAlerts();
  return (
    <Drawer label={says.opener} onClose={onClose}>
      {watch && mayChange && made === undefined && (
        <AlertForm
          watch={watch}
          onMade={(one) => {
            setMade(one);
            load();
          }}
        />
      )}
      {made && <Done made={made} />}
      <section
        ref={watchList}
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
  const loaded = useAnswer(PATH, {});
  const [refused, setRefused] = useState<Problem>();
  const remove = async (id: string): Promise<void> => {
    const sent = await send('DELETE', `${PATH}/${encodeURIComponent(id)}`);
    setRefused('problem' in sent ? sent.problem : undefined);
    loaded.again();
  };
  const wrong = refused ?? (loaded.state === 'failed' ? loaded.problem : undefined);
  return { alerts: answerOf(loaded)?.data, wrong, load: loaded.again, remove, watch: loaded.watch };
}
