import { type ReactNode, useEffect, useRef } from 'react';
import { usePartWords } from './words.ts';

let firstPage = true;

/** Names the browser tab, and after a change of page puts keyboard and screen reader at its heading. */
export function usePageTitle(title: string): void {
  const product = usePartWords()('product');
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
}

export function Page({
  title,
  lead,
  actions,
  children,
  wide = false,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  wide?: boolean;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  usePageTitle(title);
  useEffect(() => {
    if (!firstPage && !document.querySelector('main [autofocus], main :focus'))
      heading.current?.focus({ preventScroll: true });
    firstPage = false;
  }, []);
  return (
    <div className={wide ? 'page page-wide' : 'page'}>
      <div className="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead && <p className="page-lead">{lead}</p>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
