import { To } from './marks.tsx';

interface WhoProps {
  readonly id: string;
  /** Null where there is none that is proven. */
  readonly email: string | null;
  readonly name?: string;
}

/** What an operator calls somebody: an address, else a name, else the beginning of the id. */
export const nameOf = ({ id, email, name }: WhoProps): string => email ?? (name || id.slice(0, 8));

/** An address, which breaks behind its `@` before it breaks anywhere else. */
export function Address({ children }: { readonly children: string }) {
  const at = children.lastIndexOf('@') + 1;
  return (
    <>
      {children.slice(0, at)}
      {at > 0 && <wbr />}
      {children.slice(at)}
    </>
  );
}

/** Somebody with an account, as a link to all about them. Long addresses break, so that a table keeps room for the rest. */
export function Who(who: WhoProps) {
  return (
    <span className="inline-block max-w-52 wrap-break-word">
      <To place="users" id={who.id}>
        <Address>{nameOf(who)}</Address>
      </To>
    </span>
  );
}
