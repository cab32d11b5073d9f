import type { ProductDetail, ProductKind, ProductPage } from '@hutong/contract/surveillance.ts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { call, queryOf } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { Badge } from '../../parts/badge.tsx';
import { Failure } from '../../parts/states.tsx';
import { productTones } from './notices.tsx';
import { useNoticeWords } from './words.ts';

const kinds: ProductKind[] = ['public-notice', 'department-notice', 'decision-advice'];

/** On the page of a signal: what was made of it so far, and a draft of each kind. */
export function DraftProduct({ signal }: { signal: string }) {
  const say = useNoticeWords();
  const may = useMay();
  const navigate = useNavigate();
  const { data } = useQuery({
    queryKey: ['products', 'signal', signal],
    queryFn: ({ signal: abort }) =>
      call<ProductPage>(`/surveillance/products${queryOf({ signal })}`, { signal: abort }),
  });
  const draft = useMutation({
    mutationFn: (kind: ProductKind) =>
      call<ProductDetail>('/surveillance/products', { method: 'POST', body: { signal, kind } }),
    onSuccess: (made) => void navigate({ to: '/notices/$id', params: { id: made.id } }),
  });
  const items = data?.items ?? [];
  if (!may('surveillance.act') && items.length === 0) return null;
  return (
    <section className="panel stack">
      <h2>{say('draftTitle')}</h2>
      {items.length > 0 && (
        <ul aria-label={say('existing')}>
          {items.map((row) => (
            <li key={row.id} className="row">
              <Link to="/notices/$id" params={{ id: row.id }}>
                {say(`kind.${row.kind}`)}
              </Link>
              <Badge tone={productTones[row.state]}>{say(`product.${row.state}`)}</Badge>
            </li>
          ))}
        </ul>
      )}
      {may('surveillance.act') &&
        kinds.map((kind) => (
          <Button key={kind} loading={draft.isPending && draft.variables === kind} onClick={() => draft.mutate(kind)}>
            {say(`kind.${kind}`)}
          </Button>
        ))}
      {draft.isError && <Failure failure={draft.error} />}
    </section>
  );
}
