import { To } from './marks.tsx';

interface WhoProps {
  readonly id: string;
  /** Null where there is none that is proven. */
  readonly email: string | null;
  readonly name?: string;
}

/** What an operator calls somebody: an address, else a name, else the beginning of the id. */
export const nameOf = ({ id, email, name }: WhoProps): string => email ?? (name || id.slice(0, 8));

/** Somebody with an account, as a link to all about them. Long addresses break, so that a table keeps room for the rest. */
export function Who(who: WhoProps) {
  return (
    <span className="inline-block max-w-52 wrap-anywhere">
      <To place="users" id={who.id}>
        {nameOf(who)}
      </To>
    </span>
  );
}
