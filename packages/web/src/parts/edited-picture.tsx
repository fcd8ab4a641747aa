import { useEffect, useState } from 'react';
import { type Edit, editedSize, editMatrix, isPlain, type Size } from '../edit.ts';

interface EditedPictureProps {
  /** Address of the upright picture; blob: addresses too. */
  readonly source: string;
  readonly edit: Edit;
  readonly className?: string;
  /** Empty where the words beside it say what it is. */
  readonly alt: string;
  /** Told when the browser cannot show the picture. */
  readonly onError?: () => void;
}

/** Pixels of a picture, upright as the browser shows it; undefined until it is loaded, null when the browser cannot show it. */
export function usePictureSize(source: string): Size | undefined | null {
  const [known, setKnown] = useState<{ readonly source: string; readonly size: Size | null }>();
  useEffect(() => {
    const image = new Image();
    image.onload = () => setKnown({ source, size: { width: image.naturalWidth, height: image.naturalHeight } });
    image.onerror = () => setKnown({ source, size: null });
    image.src = source;
    return () => {
      image.onload = null;
      image.onerror = null;
    };
  }, [source]);
  return known?.source === source ? known.size : undefined;
}

/** A picture turned and cut as the engine will do it. It takes its room as an `img` of the cut size would. */
export function EditedPicture(props: EditedPictureProps) {
  const { source, edit, className, alt, onError } = props;
  return isPlain(edit) ? <img src={source} alt={alt} className={className} onError={onError} /> : <Cut {...props} />;
}

function Cut({ source, edit, className, alt, onError }: EditedPictureProps) {
  const size = usePictureSize(source);
  useEffect(() => {
    if (size === null) onError?.();
  }, [size, onError]);
  const { width, height } = size ? editedSize(size, edit) : { width: 4, height: 3 };
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      className={className}
      role="img"
      aria-label={alt}
      aria-hidden={alt === ''}
    >
      {size && (
        <image href={source} width={size.width} height={size.height} transform={`matrix(${editMatrix(size, edit)})`} />
      )}
    </svg>
  );
}
