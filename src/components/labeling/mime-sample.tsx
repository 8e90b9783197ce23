import React, { useLayoutEffect, useRef } from 'react';

import type { Bundle, RenderMime } from './display';

/**
 * A sample of any MIME type that the renderer knows.
 */
export function MimeSample(props: {
  bundle: Bundle;
  render: RenderMime;
}): JSX.Element {
  const { bundle, render } = props;
  const host = useRef<HTMLDivElement>(null);
  // Passive clean-up would run when the node is gone already.
  useLayoutEffect(() => {
    const drawn = render(bundle, host.current!);
    return () => drawn.dispose();
  }, [bundle, render]);
  return <div className="jp-al-Mime" dir="auto" ref={host} />;
}
