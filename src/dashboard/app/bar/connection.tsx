import { useLive } from '../api/live.ts';

const SAYS = { connecting: 'Connecting …', live: 'Live', lost: 'Connection lost; trying again' };

/** Whether the numbers are those of now. */
export function Connection() {
  const { connection } = useLive();
  return (
    <p class={`connection ${connection}`} role="status" data-connection={connection}>
      <span class="dot" aria-hidden="true" /> <span class="says">{SAYS[connection]}</span>
    </p>
  );
}
