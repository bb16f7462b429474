import { useLive } from '../api/live.ts';
import { said } from '../words/said.ts';

const SAYS = { connecting: said('Connecting …'), live: said('Live'), lost: said('Connection lost; trying again') };

/** Whether the numbers are those of now. */
export function Connection() {
  const { connection } = useLive();
  return (
    <p class={`connection ${connection}`} role="status" data-connection={connection}>
      <span class="dot" aria-hidden="true" /> <span class="says">{SAYS[connection]}</span>
    </p>
  );
}
