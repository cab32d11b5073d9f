import { Page } from '../../parts/page.tsx';
import { BatchForm } from './batch-form.tsx';
import './cards.css';
import { FamilyForm } from './family-form.tsx';
import { RegisterForm } from './register-form.tsx';
import { Waiting } from './waiting.tsx';
import { useCardWords } from './words.ts';

/** What a card centre's window does with papers in hand: register one or many, bind family, review what was in doubt. */
export function Cards() {
  const say = useCardWords();
  return (
    <Page title={say('title')} lead={say('lead')}>
      <div className="card-desk">
        <RegisterForm />
        <FamilyForm />
        <Waiting />
        <BatchForm />
      </div>
    </Page>
  );
}
