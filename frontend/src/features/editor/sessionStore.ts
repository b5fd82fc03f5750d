import { sessionAfter, type Session, type SessionEvent } from "./session";

/** One session as it is now, for the page and for answers that come before it is drawn, or after it has gone. */
export class SessionStore {
  private readonly listeners = new Set<() => void>();

  constructor(private session: Session) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly now = (): Session => this.session;

  readonly tell = (event: SessionEvent): void => {
    this.session = sessionAfter(this.session, event);
    for (const listener of this.listeners) listener();
  };
}
