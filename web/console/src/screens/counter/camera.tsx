import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Icon } from '../../parts/icon.tsx';
import { frameReader } from './read-frame.ts';
import { useCounterWords } from './words.ts';

const lookEvery = 150;

/** The camera looks until it has read one code, then closes: the picture of a counter is not filmed longer than needed. */
export function Camera({ onCode }: { onCode: (text: string) => void }) {
  const say = useCounterWords();
  const video = useRef<HTMLVideoElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [isRefused, setRefused] = useState(false);
  const report = useRef(onCode);
  report.current = onCode;
  useEffect(() => {
    if (!isOpen) return;
    let stream: MediaStream | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isGone = false;
    const run = async (): Promise<void> => {
      stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: 'environment', width: { ideal: 1280 } },
      });
      const read = await frameReader();
      const screen = video.current;
      if (isGone || !screen) return;
      screen.srcObject = stream;
      await screen.play();
      const look = async (): Promise<void> => {
        const text = await read(screen);
        if (isGone) return;
        if (text === null) timer = setTimeout(() => void look(), lookEvery);
        else {
          setOpen(false);
          report.current(text);
        }
      };
      await look();
    };
    run().catch(() => {
      if (isGone) return;
      setRefused(true);
      setOpen(false);
    });
    return () => {
      isGone = true;
      clearTimeout(timer);
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
  }, [isOpen]);
  return (
    <div className="counter-camera">
      <Button
        icon={<Icon name="scan" size={16} />}
        onClick={() => {
          setRefused(false);
          setOpen(!isOpen);
        }}
      >
        {say(isOpen ? 'cameraStop' : 'camera')}
      </Button>
      {isRefused && <p role="alert">{say('cameraRefused')}</p>}
      {isOpen && (
        <>
          {/* a live picture without sound */}
          <video ref={video} muted playsInline aria-label={say('cameraPicture')} />
          <p role="status">{say('cameraLooking')}</p>
        </>
      )}
    </div>
  );
}
